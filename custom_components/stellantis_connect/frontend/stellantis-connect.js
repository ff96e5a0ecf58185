var e=Object.defineProperty,t=(e,t,n)=>()=>{if(n)throw n[0];try{return e&&(t=e(e=0)),t}catch(e){throw n=[e],e}},n=(t,n)=>{let r={};for(var i in t)e(r,i,{get:t[i],enumerable:!0});return n||e(r,Symbol.toStringTag,{value:`Module`}),r},r,i,a,o,s,c,l,u,d,ee=t((()=>{r=globalThis,i=r.ShadowRoot&&(r.ShadyCSS===void 0||r.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,a=Symbol(),o=/* @__PURE__ */ new WeakMap,s=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==a)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(i&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=o.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&o.set(t,e))}return e}toString(){return this.cssText}},c=e=>new s(typeof e==`string`?e:e+``,void 0,a),l=(e,...t)=>{let n=e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]);return new s(n,e,a)},u=(e,t)=>{if(i)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),i=r.litNonce;i!==void 0&&t.setAttribute(`nonce`,i),t.textContent=n.cssText,e.appendChild(t)}},d=i?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return c(t)})(e):e})),te,ne,re,ie,ae,oe,f,se,ce,le,p,m,ue,de,h,fe=t((()=>{ee(),{is:te,defineProperty:ne,getOwnPropertyDescriptor:re,getOwnPropertyNames:ie,getOwnPropertySymbols:ae,getPrototypeOf:oe}=Object,f=globalThis,se=f.trustedTypes,ce=se?se.emptyScript:``,le=f.reactiveElementPolyfillSupport,p=(e,t)=>e,m={toAttribute(e,t){switch(t){case Boolean:e=e?ce:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},ue=(e,t)=>!te(e,t),de={attribute:!0,type:String,converter:m,reflect:!1,useDefault:!1,hasChanged:ue},Symbol.metadata??=Symbol(`metadata`),f.litPropertyMetadata??=/* @__PURE__ */ new WeakMap,h=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=de){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&ne(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=re(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??de}static _$Ei(){if(this.hasOwnProperty(p(`elementProperties`)))return;let e=oe(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(p(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(p(`properties`))){let e=this.properties,t=[...ie(e),...ae(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(d(e))}else e!==void 0&&t.push(d(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return u(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?m:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?m:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??ue)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}},h.elementStyles=[],h.shadowRootOptions={mode:`open`},h[p(`elementProperties`)]=/* @__PURE__ */ new Map,h[p(`finalized`)]=/* @__PURE__ */ new Map,le?.({ReactiveElement:h}),(f.reactiveElementVersions??=[]).push(`2.1.2`)}));function pe(e,t){if(!be(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return ge===void 0?t:ge.createHTML(t)}function g(e,t,n=e,r){if(t===T)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=x(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=g(e,i._$AS(e,t.values),i,r)),t}var me,he,_,ge,_e,v,ve,ye,y,b,x,be,xe,Se,S,Ce,we,C,Te,Ee,De,Oe,w,ke,T,E,Ae,D,je,O,Me,k,A,Ne,Pe,Fe,Ie,Le,Re,j=t((()=>{me=globalThis,he=e=>e,_=me.trustedTypes,ge=_?_.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,_e=`$lit$`,v=`lit$${Math.random().toFixed(9).slice(2)}$`,ve=`?`+v,ye=`<${ve}>`,y=document,b=()=>y.createComment(``),x=e=>e===null||typeof e!=`object`&&typeof e!=`function`,be=Array.isArray,xe=e=>be(e)||typeof e?.[Symbol.iterator]==`function`,Se=`[ 	
\f\r]`,S=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ce=/-->/g,we=/>/g,C=RegExp(`>|${Se}(?:([^\\s"'>=/]+)(${Se}*=${Se}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),Te=/'/g,Ee=/"/g,De=/^(?:script|style|textarea|title)$/i,Oe=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),w=Oe(1),ke=Oe(2),Oe(3),T=Symbol.for(`lit-noChange`),E=Symbol.for(`lit-nothing`),Ae=/* @__PURE__ */ new WeakMap,D=y.createTreeWalker(y,129),je=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=S;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===S?c[1]===`!--`?o=Ce:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=C):(De.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=C):o=we:o===C?c[0]===`>`?(o=i??S,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?C:c[3]===`"`?Ee:Te):o===Ee||o===Te?o=C:o===Ce||o===we?o=S:(o=C,i=void 0);let d=o===C&&e[t+1].startsWith(`/>`)?` `:``;a+=o===S?n+ye:l>=0?(r.push(s),n.slice(0,l)+_e+n.slice(l)+v+d):n+v+(l===-2?t:d)}return[pe(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},O=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=je(t,n);if(this.el=e.createElement(l,r),D.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=D.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(_e)){let t=u[o++],n=i.getAttribute(e).split(v),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Ne:r[1]===`?`?Pe:r[1]===`@`?Fe:A}),i.removeAttribute(e)}else e.startsWith(v)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(De.test(i.tagName)){let e=i.textContent.split(v),t=e.length-1;if(t>0){i.textContent=_?_.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],b()),D.nextNode(),c.push({type:2,index:++a});i.append(e[t],b())}}}else if(i.nodeType===8){if(i.data===ve)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(v,e+1))!==-1;)c.push({type:7,index:a}),e+=v.length-1}}a++}}static createElement(e,t){let n=y.createElement(`template`);return n.innerHTML=e,n}},Me=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??y).importNode(t,!0);D.currentNode=r;let i=D.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new k(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Ie(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=D.nextNode(),a++)}return D.currentNode=y,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},k=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=E,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=g(this,e,t),x(e)?e===E||e==null||e===``?(this._$AH!==E&&this._$AR(),this._$AH=E):e!==this._$AH&&e!==T&&this._(e):e._$litType$===void 0?e.nodeType===void 0?xe(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==E&&x(this._$AH)?this._$AA.nextSibling.data=e:this.T(y.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=O.createElement(pe(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Me(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Ae.get(e.strings);return t===void 0&&Ae.set(e.strings,t=new O(e)),t}k(t){be(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(b()),this.O(b()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=he(e).nextSibling;he(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},A=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=E,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=E}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=g(this,e,t,0),a=!x(e)||e!==this._$AH&&e!==T,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=g(this,r[n+o],t,o),s===T&&(s=this._$AH[o]),a||=!x(s)||s!==this._$AH[o],s===E?e=E:e!==E&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===E?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Ne=class extends A{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===E?void 0:e}},Pe=class extends A{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==E)}},Fe=class extends A{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=g(this,e,t,0)??E)===T)return;let n=this._$AH,r=e===E&&n!==E||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==E&&(n===E||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Ie=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){g(this,e)}},Le=me.litHtmlPolyfillSupport,Le?.(O,k),(me.litHtmlVersions??=[]).push(`3.3.3`),Re=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new k(t.insertBefore(b(),e),e,void 0,n??{})}return i._$AI(e),i}})),ze,M,Be,Ve=t((()=>{fe(),fe(),j(),j(),ze=globalThis,M=class extends h{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Re(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return T}},M._$litElement$=!0,M.finalized=!0,ze.litElementHydrateSupport?.({LitElement:M}),Be=ze.litElementPolyfillSupport,Be?.({LitElement:M}),(ze.litElementVersions??=[]).push(`4.2.2`)})),He=t((()=>{})),N=t((()=>{fe(),j(),Ve(),He()})),P,Ue=t((()=>{P=e=>(t,n)=>{n===void 0?customElements.define(e,t):n.addInitializer(()=>{customElements.define(e,t)})}}));function F(e){return(t,n)=>typeof n==`object`?Ge(e,t,n):((e,t,n)=>{let r=t.hasOwnProperty(n);return t.constructor.createProperty(n,e),r?Object.getOwnPropertyDescriptor(t,n):void 0})(e,t,n)}var We,Ge,Ke=t((()=>{fe(),We={attribute:!0,type:String,converter:m,reflect:!1,hasChanged:ue},Ge=(e=We,t,n)=>{let{kind:r,metadata:i}=n,a=globalThis.litPropertyMetadata.get(i);if(a===void 0&&globalThis.litPropertyMetadata.set(i,a=/* @__PURE__ */ new Map),r===`setter`&&((e=Object.create(e)).wrapped=!0),a.set(n.name,e),r===`accessor`){let{name:r}=n;return{set(n){let i=t.get.call(this);t.set.call(this,n),this.requestUpdate(r,i,e,!0,n)},init(t){return t!==void 0&&this.C(r,void 0,e,t),t}}}if(r===`setter`){let{name:r}=n;return function(n){let i=this[r];t.call(this,n),this.requestUpdate(r,i,e,!0,n)}}throw Error(`Unsupported decorator location: `+r)}}));function I(e){return F({...e,state:!0,attribute:!1})}var qe=t((()=>{Ke()})),Je=t((()=>{})),Ye=t((()=>{})),Xe=t((()=>{})),Ze=t((()=>{})),Qe=t((()=>{})),$e=t((()=>{})),L=t((()=>{Ue(),Ke(),qe(),Je(),Ye(),Xe(),Ze(),Qe(),$e()})),et,tt=t((()=>{et=`blueprint:
  name: Car arrived or left
  description: Run actions when a car arrives at a zone or leaves it.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/arrived_or_left.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    car:
      name: Car
      selector:
        device:
          filter:
            - integration: stellantis_connect
    zone:
      name: Zone
      default: zone.home
      selector:
        entity:
          filter:
            - domain: zone
    event:
      name: Event
      default: arrived
      selector:
        select:
          options:
            - label: Arrived
              value: arrived
            - label: Left
              value: left
    actions:
      name: Actions
      default:
        - action: persistent_notification.create
          data:
            message: >-
              {{ trigger.name }} has {{ 'arrived at' if event == 'arrived' else 'left' }}
              {{ trigger.zone_name }}.
      selector:
        action:

mode: queued
variables:
  event: !input event
triggers:
  - id: arrived
    trigger: stellantis_connect.arrived
    target:
      device_id: !input car
    options:
      zone: !input zone
  - id: left
    trigger: stellantis_connect.left
    target:
      device_id: !input car
    options:
      zone: !input zone
conditions:
  - condition: template
    value_template: "{{ trigger.id == event }}"
actions: !input actions
`})),nt,rt=t((()=>{nt=`blueprint:
  name: Charge by price
  description: >-
    Charge a plugged-in car while the electricity price is low, and always up to a minimum level. Charging stops at a
    maximum level.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/charge_by_price.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    car:
      name: Car
      selector:
        device:
          filter:
            - integration: stellantis_connect
    charging:
      name: Charging
      description: The charging switch of the car.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: switch
    battery:
      name: Battery
      description: The battery sensor of the car.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: sensor
              device_class: battery
    price:
      name: Price
      description: A sensor of the current electricity price.
      selector:
        entity:
          filter:
            - domain: sensor
    limit:
      name: Maximum price
      default: 0.2
      selector:
        number:
          min: -1
          max: 5
          step: 0.01
    minimum:
      name: Minimum level
      description: Below this level, the car charges at any price.
      default: 20
      selector:
        number:
          min: 0
          max: 100
          unit_of_measurement: "%"
    maximum:
      name: Maximum level
      description: At this level, charging stops. It must not be above the charge limit of the car.
      default: 80
      selector:
        number:
          min: 0
          max: 100
          unit_of_measurement: "%"

mode: single
max_exceeded: silent
triggers:
  - trigger: state
    entity_id:
      - !input price
      - !input battery
  - trigger: stellantis_connect.plugged_in
    target:
      device_id: !input car
variables:
  charging: !input charging
  battery: !input battery
  price: !input price
  limit: !input limit
  minimum: !input minimum
  maximum: !input maximum
  level: "{{ states(battery) | float(100) }}"
  charge: >-
    {{ level < maximum and (level < minimum
       or states(price) | float(limit + 1) <= limit) }}
conditions:
  - condition: stellantis_connect.is_plugged_in
    target:
      device_id: !input car
  - condition: template
    value_template: "{{ has_value(charging) and is_state(charging, 'on') != charge }}"
actions:
  - if: "{{ charge }}"
    then:
      - action: switch.turn_on
        target:
          entity_id: !input charging
    else:
      - action: switch.turn_off
        target:
          entity_id: !input charging
`})),it,at=t((()=>{it=`blueprint:
  name: Car charged to a level
  description: Run actions when the battery of a car has been charged to a level.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/charged_to_level.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    car:
      name: Car
      selector:
        device:
          filter:
            - integration: stellantis_connect
    level:
      name: Level
      default: 80
      selector:
        number:
          min: 10
          max: 100
          unit_of_measurement: "%"
    actions:
      name: Actions
      description: The variable "level" contains the level of the battery.
      default:
        - action: persistent_notification.create
          data:
            message: "{{ trigger.name }} is charged to {{ level }}%."
      selector:
        action:

mode: queued
triggers:
  - trigger: stellantis_connect.charged_to
    target:
      device_id: !input car
    options:
      level: !input level
variables:
  level: "{{ trigger.level | int }}"
actions: !input actions
`})),ot,st=t((()=>{ot=`blueprint:
  name: Car reports a critical alert
  description: Run actions when a car reports a critical alert.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/critical_alert.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    car:
      name: Car
      selector:
        device:
          filter:
            - integration: stellantis_connect
    severities:
      name: Severity
      default:
        - critical
      selector:
        select:
          multiple: true
          options:
            - label: Critical
              value: critical
            - label: Warning
              value: warning
            - label: Information
              value: information
    actions:
      name: Actions
      description: The variable "alert" contains the description of the alert.
      default:
        - action: persistent_notification.create
          data:
            message: "{{ trigger.name }}: {{ alert }}"
      selector:
        action:

mode: queued
triggers:
  - trigger: stellantis_connect.alert_raised
    target:
      device_id: !input car
    options:
      severity: !input severities
variables:
  alert: "{{ trigger.alert }}"
actions: !input actions
`})),ct,lt=t((()=>{ct=`blueprint:
  name: Car left open or unlocked
  description: Run actions if a parked car has been open or unlocked for a while.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/left_open_or_unlocked.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    lock:
      name: Lock
      description: The lock of the car, or its lock sensor.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: lock
            - integration: stellantis_connect
              domain: binary_sensor
              device_class: lock
    openings:
      name: Doors and windows
      description: The combined sensor of all doors and windows of the car.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: binary_sensor
              device_class: opening
    moving:
      name: Moving
      description: The moving sensor of the car.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: binary_sensor
              device_class: moving
    duration:
      name: Duration
      default:
        minutes: 15
      selector:
        duration:
    actions:
      name: Actions
      default:
        - action: persistent_notification.create
          data:
            message: "{{ device_name(lock) }} is open or unlocked."
      selector:
        action:

mode: single
trigger_variables:
  lock: !input lock
  openings: !input openings
  moving: !input moving
triggers:
  - trigger: template
    value_template: >-
      {{ (states(lock) in ['unlocked', 'on'] or is_state(openings, 'on'))
         and not is_state(moving, 'on') }}
    for: !input duration
actions: !input actions
`})),ut,dt=t((()=>{ut=`blueprint:
  name: Car not plugged in at night
  description: Run actions if a car is at home in the evening, its battery is low, and it isn't plugged in.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/plug_in_reminder.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    car:
      name: Car
      selector:
        device:
          filter:
            - integration: stellantis_connect
    battery:
      name: Battery
      description: The battery sensor of the car.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: sensor
              device_class: battery
    time:
      name: Time
      default: "21:00:00"
      selector:
        time:
    level:
      name: Level
      description: The actions run if the battery is below this level.
      default: 50
      selector:
        number:
          min: 5
          max: 100
          unit_of_measurement: "%"
    actions:
      name: Actions
      default:
        - action: persistent_notification.create
          data:
            message: "{{ device_name(car) }} isn't plugged in."
      selector:
        action:

mode: single
variables:
  car: !input car
triggers:
  - trigger: time
    at: !input time
conditions:
  - condition: stellantis_connect.is_in_zone
    target:
      device_id: !input car
    options:
      zone: zone.home
  - condition: not
    conditions:
      - condition: stellantis_connect.is_plugged_in
        target:
          device_id: !input car
  - condition: numeric_state
    entity_id: !input battery
    below: !input level
actions: !input actions
`})),ft,pt=t((()=>{ft=`blueprint:
  name: Wake up a charging car on a schedule
  description: >-
    Wake up a charging car at fixed intervals to retrieve its battery level, until a monthly number of wake-ups is
    reached. Each wake-up drains the 12 V battery.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/scheduled_wake_up.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    car:
      name: Car
      selector:
        device:
          filter:
            - integration: stellantis_connect
    wake_ups:
      name: Wake-ups this month
      description: The sensor of the car that counts wake-ups.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: sensor
    budget:
      name: Maximum per month
      default: 60
      selector:
        number:
          min: 1
          max: 300
    hours:
      name: Interval
      default: 1
      selector:
        number:
          min: 1
          max: 12
          unit_of_measurement: h

mode: single
triggers:
  - trigger: time_pattern
    minutes: 0
variables:
  hours: !input hours
conditions:
  - condition: template
    value_template: "{{ now().hour % (hours | int) == 0 }}"
  - condition: stellantis_connect.is_charging
    target:
      device_id: !input car
  - condition: numeric_state
    entity_id: !input wake_ups
    below: !input budget
actions:
  - action: stellantis_connect.wake_up
    data:
      device_id: !input car
`})),mt,ht=t((()=>{mt=`blueprint:
  name: Car warm before departure
  description: Start preconditioning before an event in a calendar, or at a time on some weekdays, if it's cold or hot outside.
  domain: automation
  author: Stellantis Connect
  source_url: https://github.com/stellantis-connect/stellantis-connect/blob/main/blueprints/automation/stellantis_connect/warm_before_departure.yaml
  homeassistant:
    min_version: "2026.10.0"
  input:
    preconditioning:
      name: Preconditioning
      description: The preconditioning switch of the car.
      selector:
        entity:
          filter:
            - integration: stellantis_connect
              domain: switch
    temperature:
      name: Outside temperature
      description: The outside temperature of the car, or any other temperature sensor.
      selector:
        entity:
          filter:
            - domain: sensor
              device_class: temperature
    below:
      name: Colder than
      default: 8
      selector:
        number:
          min: -30
          max: 30
          unit_of_measurement: °
    above:
      name: Warmer than
      default: 28
      selector:
        number:
          min: 10
          max: 50
          unit_of_measurement: °
    departure:
      name: Departure on weekdays
      collapsed: true
      input:
        time:
          name: Time to start
          default: "07:00:00"
          selector:
            time:
        weekdays:
          name: Weekdays
          description: Leave empty to use only the calendar.
          default: []
          selector:
            select:
              multiple: true
              options:
                - label: Monday
                  value: mon
                - label: Tuesday
                  value: tue
                - label: Wednesday
                  value: wed
                - label: Thursday
                  value: thu
                - label: Friday
                  value: fri
                - label: Saturday
                  value: sat
                - label: Sunday
                  value: sun
    schedule:
      name: Departure from a calendar
      collapsed: true
      input:
        calendar:
          name: Calendar
          description: Preconditioning starts before each event in this calendar.
          default: []
          selector:
            entity:
              multiple: true
              filter:
                - domain: calendar
        lead_time:
          name: Time before the event
          default: "00:15:00"
          selector:
            text:

mode: single
trigger_variables:
  calendars: !input calendar
triggers:
  - id: weekday
    trigger: time
    at: !input time
  - id: calendar
    trigger: time_pattern
    minutes: "*"
    enabled: "{{ calendars | length > 0 }}"
variables:
  weekdays: !input weekdays
  lead_time: !input lead_time
  below: !input below
  above: !input above
  temperature: !input temperature
conditions:
  - condition: template
    value_template: >-
      {% if trigger.id == 'weekday' %}
        {{ now().strftime('%a') | lower in weekdays }}
      {% else %}
        {% set ns = namespace(due=false) %}
        {% for calendar in calendars %}
          {% set start = state_attr(calendar, 'start_time') %}
          {% if start %}
            {% set left = start | as_datetime | as_local - now() - lead_time | as_timedelta %}
            {% set ns.due = ns.due or (-60 < left.total_seconds() <= 0) %}
          {% endif %}
        {% endfor %}
        {{ ns.due }}
      {% endif %}
  - condition: template
    value_template: >-
      {% set degrees = states(temperature) | float(none) %}
      {{ degrees is not none and (degrees < below or degrees > above) }}
actions:
  - action: switch.turn_on
    target:
      entity_id: !input preconditioning
`}));function gt(e){return bt[`../../${yt}/${e}.yaml`]??``}function _t(e){return`${vt}/blob/main/${yt}/${e}.yaml`}var vt,yt,bt,R,z,xt,St=t((()=>{tt(),rt(),at(),st(),lt(),dt(),pt(),ht(),vt=`https://github.com/stellantis-connect/stellantis-connect`,yt=`blueprints/automation/stellantis_connect`,bt=/* #__PURE__ */ Object.assign({"../../blueprints/automation/stellantis_connect/arrived_or_left.yaml":et,"../../blueprints/automation/stellantis_connect/charge_by_price.yaml":nt,"../../blueprints/automation/stellantis_connect/charged_to_level.yaml":it,"../../blueprints/automation/stellantis_connect/critical_alert.yaml":ot,"../../blueprints/automation/stellantis_connect/left_open_or_unlocked.yaml":ct,"../../blueprints/automation/stellantis_connect/plug_in_reminder.yaml":ut,"../../blueprints/automation/stellantis_connect/scheduled_wake_up.yaml":ft,"../../blueprints/automation/stellantis_connect/warm_before_departure.yaml":mt}),R=[`sensor.battery_level`],z={charged_to_level:{icon:`mdi:battery-charging-80`,required:R,inputs:{level:80}},plug_in_reminder:{icon:`mdi:power-plug-off`,required:[`binary_sensor.plugged`],entities:{battery:R},inputs:{level:50}},left_open_or_unlocked:{icon:`mdi:car-door-lock-open`,entities:{lock:[`lock.lock`,`binary_sensor.locked`],openings:[`binary_sensor.any_opening`],moving:[`binary_sensor.moving`]}},critical_alert:{icon:`mdi:alert`},arrived_or_left:{icon:`mdi:home-import-outline`,required:[`device_tracker.position`],inputs:{zone:`zone.home`,event:`arrived`}},warm_before_departure:{icon:`mdi:fan-clock`,entities:{preconditioning:[`switch.precondition`],temperature:[`sensor.outside_temperature`]},inputs:{weekdays:[`mon`,`tue`,`wed`,`thu`,`fri`]},fields:[`time`]},scheduled_wake_up:{icon:`mdi:alarm`,required:[`button.wake_up`,`binary_sensor.charging`],entities:{wake_ups:[`sensor.wake_ups`]},inputs:{budget:60}},charge_by_price:{icon:`mdi:cash-clock`,entities:{charging:[`switch.charge`],battery:R},inputs:{minimum:20,maximum:80},fields:[`price`,`limit`]}},xt=Object.keys(z)}));function Ct(e){let t=new Set(Object.values(e.entities).filter(e=>e?.platform===V).map(e=>e?.device_id));return Object.values(e.devices).filter(e=>e!==void 0).filter(e=>t.has(e.id)&&e.entry_type!==`service`).sort((e,t)=>B(e).localeCompare(B(t)))}function B(e){return e.name_by_user??e.name??``}function wt(e,t){let n=/* @__PURE__ */ new Map;for(let r of Object.values(e.entities)){if(r?.device_id!==t||r.platform!==`stellantis_connect`)continue;let e=r.entity_id.slice(0,r.entity_id.indexOf(`.`)),i=`${e}.${r.translation_key??e}`;n.has(i)||n.set(i,r.entity_id)}return n}function Tt(e){let t=typeof e==`string`?new Date(e):void 0;return t&&!Number.isNaN(t.getTime())?t:void 0}function Et(e,t,n){if(e===void 0||kt.some(n=>e[n]!==t[n]))return!0;for(let r of n)if(e.states[r]!==t.states[r])return!0;return!1}var V,Dt,Ot,kt,H=t((()=>{V=`stellantis_connect`,Dt=/* @__PURE__ */ new Set([`unavailable`,`unknown`]),Ot=class{constructor(e,t,n=/* @__PURE__ */ new Map){this.hass=e,this.ids=t,this.lastStates=n;for(let r of t.values()){let t=e.states[r];t&&t.state!==`unavailable`&&n.set(r,t)}}has(e){return this.ids.has(e)}entity(e){let t=this.ids.get(e);return t===void 0?void 0:this.lastStates.get(t)??this.hass.states[t]}name(e){let t=this.entity(e);return t?this.hass.formatEntityName(t,{type:`entity`}):``}value(e){let t=this.entity(e)?.state;return t===void 0||Dt.has(t)?void 0:t}number(e){let t=this.value(e),n=t===void 0?NaN:Number(t);return Number.isFinite(n)?n:void 0}text(e){let t=this.entity(e);return t&&this.value(e)!==void 0?this.hass.formatEntityState(t):void 0}format(e,t,n){if(t===void 0)return;let r=this.entity(e);if(!r)return`${t} ${n}`;let i={...r.attributes,unit_of_measurement:n};return this.hass.formatEntityState({...r,state:String(t),attributes:i})}time(e){return Tt(this.value(e))}isPending(e){let t=this.presentState(e);return this.progress(e)!==void 0||t?.attributes.assumed_state===!0||t?.state===`locking`||t?.state===`unlocking`}isAvailable(e){return![`unavailable`,void 0].includes(this.presentState(e)?.state)}progress(e){let t=this.presentState(e)?.attributes.progress;return typeof t==`string`?t:void 0}get outage(){let e=this.presentState(`binary_sensor.connection`);if(e?.state===`off`){let t=e.attributes.disconnected_since;return{since:new Date(typeof t==`string`?t:e.last_changed),isRunning:!0}}let t=e??this.presentState(`sensor.odometer`);if(t?.state===`unavailable`)return{since:new Date(t.last_changed),isRunning:t.attributes.restored!==!0}}get updatedAt(){return Tt(this.entity(`binary_sensor.connection`)?.attributes.last_update)}get level(){let e=this.number(`sensor.battery_level`);if(e!==void 0)return{percent:e,electric:!0};let t=this.number(`sensor.fuel_level`);return t===void 0?void 0:{percent:t,electric:!1}}get range(){return this.text(`sensor.electric_range`)??this.text(`sensor.total_range`)??this.text(`sensor.fuel_range`)}get secondRange(){return this.number(`sensor.battery_level`)===void 0?[]:[this.text(`sensor.fuel_level`),this.text(`sensor.fuel_range`)].filter(e=>e!==void 0)}get chargeLimit(){let e=this.number(`number.charge_limit`);return e===void 0||e>=100?void 0:e}get isCharging(){return this.value(`binary_sensor.charging`)===`on`}get chargingState(){return this.text(`sensor.charging_state`)??this.text(`sensor.charging_status`)}presentState(e){let t=this.ids.get(e);return t===void 0?void 0:this.hass.states[t]}get picture(){if(this.value(`image.picture`)===void 0)return;let e=this.entity(`image.picture`)?.attributes.entity_picture;return typeof e==`string`?e:void 0}get criticalAlerts(){let e=this.entity(`binary_sensor.problem`)?.attributes.alerts;return(Array.isArray(e)?e:[]).filter(e=>typeof e==`string`)}get position(){let e=this.entity(`device_tracker.position`),{latitude:t,longitude:n}=e?.attributes??{};return e&&typeof t==`number`&&typeof n==`number`?{point:[t,n],timestamp:new Date(e.last_updated)}:void 0}get lastTrip(){return this.lastTripEnd?.toISOString()}get lastTripEnd(){return Tt(this.entity(`sensor.last_trip_distance`)?.attributes.ended_at)}get lastCharge(){let e=[`sensor.last_charge_energy`,`sensor.last_charge_cost`].filter(e=>this.value(e)!==void 0);return e.length>0?e.map(e=>`${this.value(e)} ${this.entity(e)?.last_changed}`).join():void 0}get isAlarmTriggered(){return this.value(`binary_sensor.alarm_triggered`)===`on`}},kt=[`entities`,`devices`,`locale`,`formatEntityState`]}));function At(e,t){let n=wt(e,t);return xt.filter(e=>{let{required:t=[],entities:r={}}=z[e];return t.every(e=>n.has(e))&&Object.values(r).every(e=>e.some(e=>n.has(e)))})}async function jt(e,t){let n=await Rt(e);return(await Promise.all([...n].map(async([t,{path:n}])=>{let{automation:r=[]}=await e.callWS({type:`search/related`,item_type:`automation_blueprint`,item_id:n});return Promise.all(r.map(async n=>({blueprint:t,entityId:n,config:await Bt(e,n)})))}))).flat().filter(({config:n})=>Vt(e,n,t)).map(({config:e,...t})=>({...t,id:e.id}))}async function Mt(e,t){let n=(await Rt(e)).get(t);if(n)return n;await e.callWS({type:`blueprint/save`,domain:`automation`,path:Lt(t),yaml:gt(t)});let r=(await Rt(e)).get(t);if(!r)throw Error(Lt(t));return r}async function Nt(e,t,n,{id:r,alias:i},a={}){let{path:o,inputs:s}=await Mt(e,n),{entities:c={},inputs:l={}}=z[n],u=wt(e,t),d={car:t,...l,...a};for(let[e,t]of Object.entries(c))d[e]=t.map(e=>u.get(e)).find(e=>e!==void 0);let ee=Pt(e);ee.length>0&&(d.actions=It(ee,s.actions?.default)),await e.callApi(`POST`,`config/automation/config/${r}`,{alias:i,description:``,use_blueprint:{path:o,input:Object.fromEntries(Object.entries(d).filter(([e,t])=>e in s&&t!==void 0))}})}function Pt(e){let t=Object.values(e.states).find(t=>t?.entity_id.startsWith(`person.`)&&t.attributes.user_id===e.user?.id)?.attributes.device_trackers,n=(Array.isArray(t)?t:[]).map(t=>e.entities[String(t)]?.device_id);return Object.values(e.entities).filter(e=>e!==void 0).filter(({entity_id:e,platform:t,device_id:r})=>e.startsWith(`notify.`)&&t===`mobile_app`&&n.includes(r)).map(({entity_id:e})=>e)}function Ft(e,t){let n=e.devices[e.entities[t]?.device_id??``];return n?B(n):t}function It(e,t){if(Array.isArray(t))return t.map(t=>t.action===`persistent_notification.create`?{...t,action:`notify.send_message`,target:{entity_id:e}}:t)}function Lt(e){return`stellantis-connect/${e}.yaml`}async function Rt(e){let t=await e.callWS({type:`blueprint/list`,domain:`automation`}),n=/* @__PURE__ */ new Map;for(let[e,{metadata:r}]of Object.entries(t)){let t=xt.find(t=>r?.source_url===_t(t)||e===Lt(t));t&&r&&n.set(t,{path:e,inputs:zt(r)})}return n}function zt({input:e={}}){return Object.fromEntries(Object.entries(e).flatMap(([e,t])=>t.input?Object.entries(t.input):[[e,t]]))}async function Bt(e,t){let{config:n}=await e.callWS({type:`automation/config`,entity_id:t});return n??{}}function Vt(e,t,n){let r=JSON.stringify(t);return Object.values(e.entities).filter(e=>e?.device_id===n).map(e=>e?.entity_id).concat(n).some(e=>r.includes(JSON.stringify(e)))}var Ht=t((()=>{St(),H()})),Ut,Wt=t((()=>{N(),Ut=l`
  :host([hidden]) {
    display: none;
  }
  ul {
    display: grid;
    gap: 8px;
  }
  li {
    display: block;
    line-height: inherit;
  }
  .item {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 48px;
  }
  .item > ha-icon {
    flex: none;
    color: var(--secondary-text-color);
  }
  .title {
    display: grid;
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .item > a,
  button {
    flex: none;
    min-block-size: 40px;
  }
  button {
    padding: 0 16px;
    border-radius: 20px;
  }
  button[aria-disabled="true"] {
    color: var(--secondary-text-color);
    cursor: default;
  }
  .item > a {
    display: grid;
    place-items: center;
    min-inline-size: 40px;
    border-radius: 20px;
    color: var(--primary-text-color);
  }
  .item > a:focus-visible {
    outline: 2px solid var(--primary-color);
  }
  .buttons {
    display: flex;
    justify-content: end;
    gap: 8px;
    padding-block: 8px;
  }
`}));function Gt(e){history.pushState(null,``,e),window.dispatchEvent(new CustomEvent(`location-changed`,{detail:{replace:!1}}))}function Kt(e){let{body:t,error:n,message:r}=e;return[t,{message:r},n].map(e=>typeof e==`object`?e.message:void 0).find(e=>e!==void 0)??String(n??e)}var qt=t((()=>{}));async function Jt(){let e=(document.querySelector(`home-assistant`)?.shadowRoot?.querySelector(`home-assistant-main`))?.shadowRoot?.querySelector(`partial-panel-resolver`),t=Object.values(e?.hass?.panels??{}).find(({component_name:e})=>e===`lovelace`);await e?.routerOptions?.routes[t?.url_path??``]?.load?.()}async function Yt(){let e=window;return e.loadCardHelpers||await Jt(),e.loadCardHelpers?.()}async function Xt(e,t){if(customElements.get(e))return!0;let n=await Yt();return n?(await t(n),await Promise.race([customElements.whenDefined(e),new Promise(e=>setTimeout(e,en))]),customElements.get(e)!==void 0):!1}function Zt(){return Xt(`ha-map`,e=>e.createCardElement({type:`map`,entities:[]}))}function Qt(){return Xt(`ha-entity-toggle`,e=>e.createRowElement({entity:`automation.none`}))}function $t(){return Xt(`ha-form`,e=>{let{constructor:t}=e.createCardElement({type:`button`});return t.getConfigElement?.()})}var en,tn=t((()=>{en=1e4})),nn,rn,an,on,sn,cn,ln,un,dn,fn,pn,mn,hn,gn,_n,vn,yn,bn,xn,Sn,Cn,wn,Tn,En,Dn,On,kn,An,jn,Mn,Nn,Pn,Fn,In,Ln,Rn,zn,Bn,Vn,Hn,Un,Wn,Gn,Kn,qn,Jn,Yn,Xn,Zn,Qn,$n,er,tr,nr,rr,ir,ar,or,sr,cr,lr,ur,dr,fr,pr,mr,hr,gr,_r,vr,yr,br,xr,Sr=t((()=>{nn=`Ein Auto auf einen Blick: Ladezustand, Reichweite, Laden, Schloss, Klima und Warnungen.`,rn=`Eine Ansicht aller Autos und eine Ansicht jedes Autos: Karte, Bedienelemente und Werte.`,an=`Wähle ein Auto aus.`,on=`Es gibt keine Autos. Füge die Integration Stellantis Connect hinzu oder prüfe, ob sie aktiviert ist.`,sn=`Dieses Auto gibt es nicht mehr.`,cn=`Aktualisiert {age}`,ln=`Gerade aktualisiert`,un=`Seit {time} keine Verbindung zu Stellantis. Die letzten bekannten Werte werden angezeigt.`,dn=`Stellantis Connect läuft seit {time} nicht. Die letzten bekannten Werte werden angezeigt.`,fn=`Alarm ausgelöst`,pn=`Limit {limit}`,mn=`Batterie`,hn=`Kraftstoff`,gn=`Reichweite`,_n=`bis {time}`,vn=`Türen`,yn=`Verriegeln`,bn=`Entriegeln`,xn=`Verriegelt`,Sn=`Entriegelt`,Cn=`Zum Entriegeln erneut drücken`,wn=`Klima`,Tn=`Klima starten`,En=`Klima stoppen`,Dn=`Laden`,On=`Laden starten`,kn=`Laden stoppen`,An=`Unbekannt`,jn=`Ausstehend`,Mn=`Letzte Fahrt`,Nn=`Letzte Ladevorgänge`,Pn=`Offen: {names}`,Fn=`Auto`,In=`Bild anzeigen`,Ln=`Karte anzeigen`,Rn=`Letzte Fahrt und Ladevorgänge anzeigen`,zn=`Garage`,Bn=`Die Hupe von {car} betätigen?`,Vn=`{car} ver- oder entriegeln?`,Hn=`Automatisierungen`,Un=`Fertige Automatisierungen eines Autos, jede mit einer Schaltfläche erstellt.`,Wn=`Benachrichtigen, wenn auf {level} geladen`,Gn=`Einmal pro Ladevorgang`,Kn=`Benachrichtigen, wenn nicht angeschlossen`,qn=`Abends zu Hause, unter {level}`,Jn=`Benachrichtigen, wenn offen oder unverriegelt`,Yn=`Nach 15 Minuten`,Xn=`Bei kritischen Warnungen benachrichtigen`,Zn=`Mit dem Text der Warnung`,Qn=`Bei Ankunft zu Hause benachrichtigen`,$n=`Nach jeder Fahrt`,er=`Klima vor der Abfahrt starten`,tr=`Montag bis Freitag, wenn es draußen kalt oder heiß ist`,nr=`Beim Laden aufwecken`,rr=`Jede Stunde, höchstens {budget}-mal im Monat`,ir=`Bei niedrigem Preis laden`,ar=`Bis {minimum} zu jedem Preis, nie über {maximum}`,or=`Startzeit`,sr=`Sensor des Strompreises`,cr=`Höchster Preis`,lr=`Benachrichtigungen erscheinen in Home Assistant.`,ur=`Benachrichtigungen gehen an {names}.`,dr=`Erstellen`,fr=`Wird erstellt`,pr=`Abbrechen`,mr=`Bearbeiten`,hr=`Zurück`,gr=`Automatisierung erstellt: {name}`,_r=`Ausgelöst {age}`,vr=`Die Automatisierung konnte nicht erstellt werden: {reason}`,yr=`Die Automatisierungen konnten nicht gelesen werden: {reason}`,br=`Die Automatisierung wurde gespeichert, aber Home Assistant lädt sie nicht. Binde automations.yaml in configuration.yaml ein.`,xr={card_description:nn,strategy_description:rn,no_device:an,no_cars:on,unknown_device:sn,updated:cn,updated_now:ln,unavailable:un,not_running:dn,alarm:fn,limit:pn,battery:mn,fuel:hn,range:gn,until:_n,doors:vn,lock:yn,unlock:bn,locked:xn,unlocked:Sn,confirm_unlock:Cn,climate:wn,start_climate:Tn,stop_climate:En,charging:Dn,start_charging:On,stop_charging:kn,on:`Ein`,off:`Aus`,unknown:An,pending:jn,last_trip:Mn,last_charges:Nn,open:Pn,editor_device:Fn,editor_show_picture:In,editor_show_map:Ln,editor_show_history:Rn,garage:zn,confirm_horn:Bn,confirm_lock:Vn,automations:Hn,automations_description:Un,automation_charged_to_level:Wn,automation_charged_to_level_details:Gn,automation_plug_in_reminder:Kn,automation_plug_in_reminder_details:qn,automation_left_open_or_unlocked:Jn,automation_left_open_or_unlocked_details:Yn,automation_critical_alert:Xn,automation_critical_alert_details:Zn,automation_arrived_or_left:Qn,automation_arrived_or_left_details:$n,automation_warm_before_departure:er,automation_warm_before_departure_details:tr,automation_scheduled_wake_up:nr,automation_scheduled_wake_up_details:rr,automation_charge_by_price:ir,automation_charge_by_price_details:ar,input_time:or,input_price:sr,input_limit:cr,notify_here:lr,notify_phone:ur,create:dr,creating:fr,cancel:pr,edit:mr,back:hr,created:gr,triggered:_r,create_failed:vr,automations_failed:yr,not_loaded:br}})),Cr,wr,Tr,Er,Dr,Or,kr,Ar,jr,Mr,Nr,Pr,Fr,Ir,Lr,Rr,zr,Br,Vr,Hr,Ur,Wr,Gr,Kr,qr,Jr,Yr,Xr,Zr,Qr,$r,ei,ti,ni,ri,ii,ai,oi,si,ci,li,ui,di,fi,pi,mi,hi,gi,_i,vi,yi,bi,xi,Si,Ci,wi,Ti,Ei,Di,Oi,ki,Ai,ji,Mi,Ni,Pi,Fi,Ii,Li,Ri,zi,Bi,Vi=t((()=>{Cr=`One car at a glance: level, range, charging, lock, climate, and alerts.`,wr=`A view of all cars, and a view of each: card, controls, and values.`,Tr=`Select a car.`,Er=`There are no cars. Add the Stellantis Connect integration, or check whether it's enabled.`,Dr=`This car no longer exists.`,Or=`Updated {age}`,kr=`Updated just now`,Ar=`Disconnected from Stellantis since {time}. The last known values are shown.`,jr=`Stellantis Connect hasn't been running since {time}. The last known values are shown.`,Mr=`Alarm triggered`,Nr=`Limit {limit}`,Pr=`Battery`,Fr=`Fuel`,Ir=`Range`,Lr=`until {time}`,Rr=`Doors`,zr=`Lock`,Br=`Unlock`,Vr=`Locked`,Hr=`Unlocked`,Ur=`Press again to unlock`,Wr=`Climate`,Gr=`Start climate`,Kr=`Stop climate`,qr=`Charging`,Jr=`Start charging`,Yr=`Stop charging`,Xr=`Unknown`,Zr=`Pending`,Qr=`Last trip`,$r=`Last charges`,ei=`Open: {names}`,ti=`Show picture`,ni=`Show map`,ri=`Show last trip and charges`,ii=`Garage`,ai=`Sound the horn of {car}?`,oi=`Lock or unlock {car}?`,si=`Automations`,ci=`Ready-made automations of one car, each created with one button.`,li=`Notify when charged to {level}`,ui=`Once per charge`,di=`Notify if not plugged in`,fi=`In the evening at home, below {level}`,pi=`Notify if left open or unlocked`,mi=`After 15 minutes`,hi=`Notify of critical alerts`,gi=`With the text of the alert`,_i=`Notify on arrival at home`,vi=`After each trip`,yi=`Start climate before departure`,bi=`Monday to Friday, if it's cold or hot outside`,xi=`Wake up while charging`,Si=`Every hour, at most {budget} times a month`,Ci=`Charge at a low price`,wi=`At any price up to {minimum}, never above {maximum}`,Ti=`Time to start`,Ei=`Sensor of the electricity price`,Di=`Maximum price`,Oi=`Notifications appear in Home Assistant.`,ki=`Notifications are sent to {names}.`,Ai=`Create`,ji=`Creating`,Mi=`Cancel`,Ni=`Edit`,Pi=`Back`,Fi=`Automation created: {name}`,Ii=`Triggered {age}`,Li=`The automation couldn't be created: {reason}`,Ri=`The automations couldn't be read: {reason}`,zi=`The automation was saved, but Home Assistant doesn't load it. Include automations.yaml in configuration.yaml.`,Bi={card_description:Cr,strategy_description:wr,no_device:Tr,no_cars:Er,unknown_device:Dr,updated:Or,updated_now:kr,unavailable:Ar,not_running:jr,alarm:Mr,limit:Nr,battery:Pr,fuel:Fr,range:Ir,until:Lr,doors:Rr,lock:zr,unlock:Br,locked:Vr,unlocked:Hr,confirm_unlock:Ur,climate:Wr,start_climate:Gr,stop_climate:Kr,charging:qr,start_charging:Jr,stop_charging:Yr,on:`On`,off:`Off`,unknown:Xr,pending:Zr,last_trip:Qr,last_charges:$r,open:ei,editor_device:`Car`,editor_show_picture:ti,editor_show_map:ni,editor_show_history:ri,garage:ii,confirm_horn:ai,confirm_lock:oi,automations:si,automations_description:ci,automation_charged_to_level:li,automation_charged_to_level_details:ui,automation_plug_in_reminder:di,automation_plug_in_reminder_details:fi,automation_left_open_or_unlocked:pi,automation_left_open_or_unlocked_details:mi,automation_critical_alert:hi,automation_critical_alert_details:gi,automation_arrived_or_left:_i,automation_arrived_or_left_details:vi,automation_warm_before_departure:yi,automation_warm_before_departure_details:bi,automation_scheduled_wake_up:xi,automation_scheduled_wake_up_details:Si,automation_charge_by_price:Ci,automation_charge_by_price_details:wi,input_time:Ti,input_price:Ei,input_limit:Di,notify_here:Oi,notify_phone:ki,create:Ai,creating:ji,cancel:Mi,edit:Ni,back:Pi,created:Fi,triggered:Ii,create_failed:Li,automations_failed:Ri,not_loaded:zi}})),Hi,Ui,Wi,Gi,Ki,qi,Ji,Yi,Xi,Zi,Qi,$i,ea,ta,na,ra,ia,aa,oa,sa,ca,la,ua,da,fa,pa,ma,ha,ga,_a,va,ya,ba,xa,Sa,Ca,wa,Ta,Ea,Da,Oa,ka,Aa,ja,Ma,Na,Pa,Fa,Ia,La,Ra,za,Ba,Va,Ha,Ua,Wa,Ga,Ka,qa,Ja,Ya,Xa,Za,Qa,$a,eo,to,no,ro,io,ao,oo,so,co,lo=t((()=>{Hi=`Une voiture en un coup d'œil : niveau, autonomie, charge, verrouillage, climatisation et alertes.`,Ui=`Une vue de toutes les voitures et une vue de chacune : carte, commandes et valeurs.`,Wi=`Sélectionnez une voiture.`,Gi=`Il n'y a pas de voiture. Ajoutez l'intégration Stellantis Connect ou vérifiez qu'elle est activée.`,Ki=`Cette voiture n'existe plus.`,qi=`Mis à jour {age}`,Ji=`Mis à jour à l'instant`,Yi=`Déconnecté de Stellantis depuis {time}. Les dernières valeurs connues sont affichées.`,Xi=`Stellantis Connect ne fonctionne pas depuis {time}. Les dernières valeurs connues sont affichées.`,Zi=`Alarme déclenchée`,Qi=`Limite {limit}`,$i=`Batterie`,ea=`Carburant`,ta=`Autonomie`,na=`jusqu'à {time}`,ra=`Portes`,ia=`Verrouiller`,aa=`Déverrouiller`,oa=`Verrouillées`,sa=`Déverrouillées`,ca=`Appuyez à nouveau pour déverrouiller`,la=`Climatisation`,ua=`Démarrer la climatisation`,da=`Arrêter la climatisation`,fa=`Charge`,pa=`Démarrer la charge`,ma=`Arrêter la charge`,ha=`Activée`,ga=`Désactivée`,_a=`Inconnu`,va=`En attente`,ya=`Dernier trajet`,ba=`Dernières charges`,xa=`Ouvert : {names}`,Sa=`Voiture`,Ca=`Afficher l'image`,wa=`Afficher la carte`,Ta=`Afficher le dernier trajet et les dernières charges`,Ea=`Garage`,Da=`Actionner le klaxon de {car} ?`,Oa=`Verrouiller ou déverrouiller {car} ?`,ka=`Automatisations`,Aa=`Des automatisations prêtes à l'emploi pour une voiture, chacune créée par un bouton.`,ja=`Notifier quand la charge atteint {level}`,Ma=`Une fois par charge`,Na=`Notifier si la voiture n'est pas branchée`,Pa=`Le soir à la maison, en dessous de {level}`,Fa=`Notifier si restée ouverte ou déverrouillée`,Ia=`Après 15 minutes`,La=`Notifier des alertes critiques`,Ra=`Avec le texte de l'alerte`,za=`Notifier de l'arrivée à la maison`,Ba=`Après chaque trajet`,Va=`Démarrer la climatisation avant le départ`,Ha=`Du lundi au vendredi, s'il fait froid ou chaud dehors`,Ua=`Réveiller pendant la charge`,Wa=`Toutes les heures, au plus {budget} fois par mois`,Ga=`Charger à bas prix`,Ka=`À tout prix jusqu'à {minimum}, jamais au-dessus de {maximum}`,qa=`Heure de démarrage`,Ja=`Capteur du prix de l'électricité`,Ya=`Prix maximal`,Xa=`Les notifications apparaissent dans Home Assistant.`,Za=`Les notifications sont envoyées à {names}.`,Qa=`Créer`,$a=`Création`,eo=`Annuler`,to=`Modifier`,no=`Retour`,ro=`Automatisation créée : {name}`,io=`Déclenchée {age}`,ao=`L'automatisation n'a pas pu être créée : {reason}`,oo=`Les automatisations n'ont pas pu être lues : {reason}`,so=`L'automatisation a été enregistrée, mais Home Assistant ne la charge pas. Incluez automations.yaml dans configuration.yaml.`,co={card_description:Hi,strategy_description:Ui,no_device:Wi,no_cars:Gi,unknown_device:Ki,updated:qi,updated_now:Ji,unavailable:Yi,not_running:Xi,alarm:Zi,limit:Qi,battery:$i,fuel:ea,range:ta,until:na,doors:ra,lock:ia,unlock:aa,locked:oa,unlocked:sa,confirm_unlock:ca,climate:la,start_climate:ua,stop_climate:da,charging:fa,start_charging:pa,stop_charging:ma,on:ha,off:ga,unknown:_a,pending:va,last_trip:ya,last_charges:ba,open:xa,editor_device:Sa,editor_show_picture:Ca,editor_show_map:wa,editor_show_history:Ta,garage:Ea,confirm_horn:Da,confirm_lock:Oa,automations:ka,automations_description:Aa,automation_charged_to_level:ja,automation_charged_to_level_details:Ma,automation_plug_in_reminder:Na,automation_plug_in_reminder_details:Pa,automation_left_open_or_unlocked:Fa,automation_left_open_or_unlocked_details:Ia,automation_critical_alert:La,automation_critical_alert_details:Ra,automation_arrived_or_left:za,automation_arrived_or_left_details:Ba,automation_warm_before_departure:Va,automation_warm_before_departure_details:Ha,automation_scheduled_wake_up:Ua,automation_scheduled_wake_up_details:Wa,automation_charge_by_price:Ga,automation_charge_by_price_details:Ka,input_time:qa,input_price:Ja,input_limit:Ya,notify_here:Xa,notify_phone:Za,create:Qa,creating:$a,cancel:eo,edit:to,back:no,created:ro,triggered:io,create_failed:ao,automations_failed:oo,not_loaded:so}}));function uo(e){return ho[e.split(`-`)[0]??``]?e:`en`}function U(e,t,n={}){return(ho[e.split(`-`)[0]??``]??Bi)[t].replace(/\{(\w+)\}/g,(e,t)=>String(n[t]??e))}function fo(e,t){return new Intl.NumberFormat(e,{style:`percent`}).format(Math.round(t)/100)}function po(e,t,n){let r=n.getTime()-t.getTime(),[i,a]=go.find(([,e])=>r>=e)??[`minute`,6e4];return new Intl.RelativeTimeFormat(e,{numeric:`auto`}).format(-Math.max(0,Math.floor(r/a)),i)}function mo(e,t,n){let{language:r,time_format:i,time_zone:a}=e.locale,o=a===`server`?{timeZone:e.config.time_zone}:{},s=new Intl.DateTimeFormat(r,{...o,day:`numeric`,month:`short`});return new Intl.DateTimeFormat(i===`system`?void 0:r,{...o,...s.format(t)===s.format(n)?{}:{day:`numeric`,month:`short`},...i===`12`||i===`24`?{hour12:i===`12`}:{},hour:`numeric`,minute:`2-digit`}).format(t)}var ho,go,W=t((()=>{Sr(),Vi(),lo(),ho={de:xr,en:Bi,fr:co},go=[[`day`,864e5],[`hour`,36e5],[`minute`,6e4]]}));async function _o(e,t){return vo((await e.callService(V,`get_charges`,{device_id:t,limit:3},void 0,!1,!0))?.response).reverse()}function vo(e){let{charges:t}=e??{};return Array.isArray(t)?t.map(e=>({endedAt:new Date(String(e.ended_at)),...typeof e.energy==`number`&&{energy:e.energy},...typeof e.cost==`number`&&{cost:e.cost},...typeof e.currency==`string`&&{currency:e.currency}})):[]}var yo=t((()=>{H()})),bo,xo=t((()=>{N(),yo(),bo=l`
  :host {
    display: block;
  }
  ha-card {
    block-size: 100%;
    overflow: hidden;
    container-type: inline-size;
  }
  .content {
    display: grid;
    gap: 16px;
    padding: 16px;
  }
  header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    flex-wrap: wrap;
  }
  h2 {
    margin: 0;
    font: inherit;
    font-size: var(--ha-font-size-xl, 1.25rem);
    font-weight: 500;
  }
  .secondary {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 0.8125rem);
  }
  .banner {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--banner-color) 14%, transparent);
    border-inline-start: 4px solid var(--banner-color);
  }
  .banner ha-icon {
    color: var(--banner-color);
  }
  .banner.error {
    --banner-color: var(--error-color, #db4437);
  }
  .banner.info {
    --banner-color: var(--secondary-text-color, #727272);
  }
  .hero {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 16px;
  }
  .picture {
    block-size: 150px;
    min-inline-size: 0;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    place-items: center;
    grid-column: 1 / -1;
  }
  .picture img {
    max-inline-size: 100%;
    max-block-size: 100%;
    border-radius: 12px;
  }
  .facts {
    display: grid;
    gap: 2px;
    min-inline-size: 0;
  }
  .facts .range {
    justify-self: start;
    font-size: var(--ha-font-size-xl, 1.25rem);
    font-weight: 500;
  }
  .value {
    display: inline-block;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button {
    font: inherit;
    color: var(--primary-text-color);
    cursor: pointer;
    border: none;
    border-radius: 12px;
    background: var(--secondary-background-color, #f5f5f5);
  }
  button:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  .control {
    display: grid;
    flex: 1 1 96px;
    min-inline-size: 0;
    justify-items: center;
    align-content: center;
    gap: 4px;
    min-block-size: 84px;
    padding: 8px;
    text-align: center;
  }
  .control.active {
    background: color-mix(in srgb, var(--primary-color) 20%, transparent);
  }
  .control.active ha-icon {
    color: var(--primary-color);
  }
  .control.pending ha-icon {
    animation: pending 1.2s ease-in-out infinite;
  }
  .control[aria-disabled="true"] {
    cursor: default;
  }
  .control.pending {
    cursor: progress;
  }
  .announcement {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  @keyframes pending {
    50% {
      opacity: 0.3;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .control.pending ha-icon {
      animation: none;
      opacity: 0.5;
    }
  }
  .map {
    block-size: 200px;
    background: var(--secondary-background-color, #f5f5f5);
    border-radius: 12px;
    overflow: hidden;
  }
  ha-map {
    block-size: 100%;
  }
  h3 {
    margin: 0;
    font-weight: inherit;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    line-height: 1.6;
  }
  li > .secondary {
    flex: none;
  }
  /* Room for the charges that are read after the first one is shown. */
  .last_charges ul {
    min-block-size: calc(${3} * 1.6em);
  }
  @container (min-width: 440px) {
    .hero {
      grid-template-columns: minmax(0, 1.2fr) auto minmax(0, 1fr);
    }
    .hero:not(:has(.picture)) {
      grid-template-columns: auto minmax(0, 1fr);
    }
    .picture {
      grid-column: auto;
      block-size: 128px;
    }
  }
`}));function G(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a}var So=t((()=>{}));function Co(e){return`/config/automation/edit/${e??``}`}var wo,To,Eo,Do,K,Oo=t((()=>{N(),L(),Ht(),Wt(),St(),qt(),tn(),W(),xo(),H(),So(),wo=`stellantis-connect-automations`,To=`/config/blueprint/dashboard`,Eo=15e3,Do=[`level`,`minimum`,`maximum`],K=class extends M{constructor(...e){super(...e),this.hasToggles=!1,this.ids=[],this.read=``}static{this.styles=[bo,Ut]}static getStubConfig(e){let[t]=Ct(e);return t?{device_id:t.id}:{}}static getConfigForm(){return{schema:[{name:`device_id`,required:!0,selector:{device:{integration:V,entity:{domain:`sensor`}}}}],computeLabel:()=>U(document.documentElement.lang,`editor_device`)}}setConfig(e){let t=e.device_id===this.config?.device_id;this.config=e,t||(this.automations=void 0,this.form=void 0,this.createError=void 0,this.readError=void 0,this.read=``)}getCardSize(){return 8}getGridOptions(){return{columns:12,min_columns:6,rows:`auto`}}connectedCallback(){super.connectedCallback(),this.read=``,this.requestUpdate()}shouldUpdate(e){return e.size>1||!e.has(`hass`)||!this.hass||Et(e.get(`hass`),this.hass,this.ids)}willUpdate(){let{activeElement:e}=this.renderRoot;this.focused=e?.closest(`li`)?.dataset.blueprint;let t=this.hass?.user?.is_admin===!1;t!==this.hidden&&(this.hidden=t,this.fire(`card-visibility-changed`,{value:!t}))}updated(){let{hass:e,config:t,focused:n}=this;if(n&&!this.renderRoot.activeElement){let e=`[data-blueprint=${n}]`,t=`${e}[tabindex], ${e} :is(a, button)`;this.renderRoot.querySelector(t)?.focus()}if(!e||this.hidden||!t?.device_id)return;this.ids=Object.keys(e.entities).filter(e=>e.startsWith(`automation.`));let r=this.ids.filter(t=>e.states[t]?.attributes.restored!==!0),i=[t.device_id,...r].join();i!==this.read&&(this.read=i,this.readAutomations(e,t.device_id))}async readAutomations(e,t){try{let n=await jt(e,t);if(t!==this.config?.device_id)return;this.automations=n,this.readError=void 0,n.length>0&&(this.hasToggles||=await Qt())}catch(e){this.readError=this.text(`automations_failed`,{reason:Kt(e)})}let n=this.automations?.find(({id:e})=>e===this.creating?.id);n&&(this.creating=void 0,this.announce(n))}async create(e){let{hass:t,config:n}=this;if(!t||!n?.device_id||!this.automations||this.creating)return;let{fields:r=[]}=z[e],i={name:e,id:String(Date.now())};this.creating=i,this.createError=void 0;try{if(r.length>0&&this.form?.name!==e){await this.openForm(t,e,r),this.creating=void 0;return}let a=`${this.carName}: ${this.blueprintName(e)}`,{id:o}=i;await Nt(t,n.device_id,e,{id:o,alias:a},this.form?.data),this.form?.name===e&&(this.form=void 0)}catch(e){this.creating=void 0,this.createError=this.text(`create_failed`,{reason:Kt(e)});return}setTimeout(()=>{this.creating===i&&(this.creating=void 0,this.createError=this.text(`not_loaded`))},Eo)}async openForm(e,t,n){let{inputs:r}=await Mt(e,t);await $t()?this.form={name:t,schema:n.map(e=>({name:e,required:!0,selector:r[e]?.selector})),data:Object.fromEntries(n.map(e=>[e,r[e]?.default]))}:Gt(To)}announce({entityId:e,id:t}){let n=this.hass?.states[e]?.attributes.friendly_name??e;this.fire(`hass-notification`,{message:this.text(`created`,{name:n}),action:{text:this.text(`edit`),action:()=>{Gt(Co(t))}}})}fire(e,t){this.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,composed:!0}))}get language(){return this.hass?.locale.language??`en`}get carName(){let e=this.hass?.devices[this.config?.device_id??``];return e?B(e):``}text(e,t={}){return U(this.language,e,t)}blueprintName(e){return this.text(`automation_${e}`,this.placeholders(e))}placeholders(e){let{inputs:t={}}=z[e];return Object.fromEntries(Object.entries(t).map(([e,t])=>[e,Do.includes(e)?fo(this.language,Number(t)):String(t)]))}render(){let{hass:e,config:t}=this;if(!e||this.hidden)return E;if(!t?.device_id)return this.renderMessage(`no_device`);if(!e.devices[t.device_id])return this.renderMessage(`unknown_device`);let n=this.createError??this.readError,r=Pt(e).map(t=>Ft(e,t));return w`
      <ha-card>
        <div class="content">
          <h2>${this.text(`automations`)}</h2>
          ${n===void 0?E:w`<div class="banner error" role="alert">
                  <ha-icon icon="mdi:alert"></ha-icon>${n}
                </div>`}
          <ul>
            ${At(e,t.device_id).map(t=>this.renderItems(e,t))}
          </ul>
          <span class="secondary">
            ${r.length>0?this.text(`notify_phone`,{names:r.join(`, `)}):this.text(`notify_here`)}
          </span>
        </div>
      </ha-card>
    `}renderMessage(e){return w`<ha-card><div class="content">${this.text(e)}</div></ha-card>`}renderItems(e,t){let n=this.automations?.filter(({blueprint:e})=>e===t)??[];return n.length>0?n.map(t=>this.renderAutomation(e,t)):this.renderBlueprint(e,t)}renderBlueprint(e,t){let n=this.form?.name===t?this.form:void 0,r=this.text(`automation_${t}_details`,this.placeholders(t));return w`<li data-blueprint=${t} tabindex=${n?-1:E}>
      <div class="item">
        ${this.renderTitle(z[t].icon,this.blueprintName(t),r)}
        ${n?E:this.renderCreate(t)}
      </div>
      ${n?this.renderForm(e,n):E}
    </li>`}renderCreate(e,t=!0){let n=this.text(this.creating?.name===e?`creating`:`create`),r=this.automations&&!this.creating&&t;return w`<button
      aria-label=${`${n}: ${this.blueprintName(e)}`}
      aria-disabled=${String(!r)}
      @click=${()=>{r&&this.create(e)}}
    >
      ${n}
    </button>`}renderForm(e,t){let n=Object.values(t.data).every(e=>e!==void 0&&e!==``);return w`<ha-form
        .hass=${e}
        .schema=${t.schema}
        .data=${t.data}
        .computeLabel=${({name:e})=>this.text(`input_${e}`)}
        @value-changed=${e=>{this.form={...t,data:{...t.data,...e.detail.value}}}}
      ></ha-form>
      <div class="buttons">
        <button
          @click=${()=>{this.form=void 0}}
        >
          ${this.text(`cancel`)}
        </button>
        ${this.renderCreate(t.name,n)}
      </div>`}renderAutomation(e,{blueprint:t,entityId:n,id:r}){let i=e.states[n];if(!i)return E;let a=i.attributes.friendly_name??n,o=i.attributes.last_triggered,s=typeof o==`string`?this.text(`triggered`,{age:po(uo(this.language),new Date(o),/* @__PURE__ */ new Date)}):e.formatEntityState(i);return w`<li class="item" data-blueprint=${t}>
      ${this.renderTitle(z[t].icon,a.replace(`${this.carName}: `,``),s)}
      ${r===void 0?E:w`<a href=${Co(r)} aria-label=${`${this.text(`edit`)}: ${a}`}>
              <ha-icon icon="mdi:pencil"></ha-icon>
            </a>`}
      ${this.hasToggles?w`<ha-entity-toggle .hass=${e} .stateObj=${i}></ha-entity-toggle>`:E}
    </li>`}renderTitle(e,t,n){return w`<ha-icon .icon=${e}></ha-icon>
      <div class="title">
        <span>${t}</span>
        <span class="secondary">${n}</span>
      </div>`}},G([F({attribute:!1})],K.prototype,`hass`,void 0),G([I()],K.prototype,`config`,void 0),G([I()],K.prototype,`automations`,void 0),G([I()],K.prototype,`creating`,void 0),G([I()],K.prototype,`form`,void 0),G([I()],K.prototype,`createError`,void 0),G([I()],K.prototype,`readError`,void 0),G([I()],K.prototype,`hasToggles`,void 0),K=G([P(wo)],K)})),ko,Ao,jo,Mo=t((()=>{ko={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Ao=e=>(...t)=>({_$litDirective$:e,values:t}),jo=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}}})),No,Po=t((()=>{j(),Mo(),No=Ao(class extends jo{constructor(e){if(super(e),e.type!==ko.ATTRIBUTE||e.name!==`class`||e.strings?.length>2)throw Error("`classMap()` can only be used in the `class` attribute and must be the only part in the attribute.")}render(e){return` `+Object.keys(e).filter(t=>e[t]).join(` `)+` `}update(e,[t]){if(this.st===void 0){this.st=/* @__PURE__ */ new Set,e.strings!==void 0&&(this.nt=new Set(e.strings.join(` `).split(/\s/).filter(e=>e!==``)));for(let e in t)t[e]&&!this.nt?.has(e)&&this.st.add(e);return this.render(t)}let n=e.element.classList;for(let e of this.st)e in t||(n.remove(e),this.st.delete(e));for(let e in t){let r=!!t[e];r===this.st.has(e)||this.nt?.has(e)||(r?(n.add(e),this.st.add(e)):(n.remove(e),this.st.delete(e)))}return T}})})),Fo=t((()=>{Po()})),Io,Lo,Ro=t((()=>{j(),Mo(),Io={},Lo=Ao(class extends jo{constructor(){super(...arguments),this.ot=Io}render(e,t){return t()}update(e,[t,n]){if(Array.isArray(t)){if(Array.isArray(this.ot)&&this.ot.length===t.length&&t.every((e,t)=>e===this.ot[t]))return T}else if(this.ot===t)return T;return this.ot=Array.isArray(t)?Array.from(t):t,this.render(t,n)}})})),zo=t((()=>{Ro()}));function Bo(e){return[Vo(e),Ho(e,`switch.precondition`,`climate`,`mdi:fan`),Ho(e,`switch.charge`,`charging`,`mdi:ev-station`)??Uo(e)].filter(e=>e!==void 0)}function Vo(e){let t=`lock.lock`;if(!e.has(t))return;let n=e.value(t),r=n===`locked`||n===`locking`;return{key:t,icon:r?`mdi:lock`:`mdi:lock-open-variant`,label:`doors`,state:n===void 0?`unknown`:r?`locked`:`unlocked`,action:Wo(e,t,r?`unlock`:`lock`),active:n!==void 0&&!r,pending:e.isPending(t),confirm:r,domain:`lock`,service:r?`unlock`:`lock`}}function Ho(e,t,n,r){if(!e.has(t))return;let i=e.value(t),a=i===`on`;return{key:t,icon:r,label:n,state:i===void 0?`unknown`:a?`on`:`off`,action:Wo(e,t,`${a?`stop`:`start`}_${n}`),active:a,pending:e.isPending(t),confirm:!1,domain:`switch`,service:a?`turn_off`:`turn_on`}}function Uo(e){let t=`button.start_charge`;if(e.has(t))return{key:t,icon:`mdi:ev-station`,label:`charging`,state:e.isCharging?`on`:`off`,action:e.isCharging?void 0:Wo(e,t,`start_charging`),active:e.isCharging,pending:e.isPending(t),confirm:!1,domain:`button`,service:`press`}}function Wo(e,t,n){return e.isAvailable(t)?n:void 0}var Go=t((()=>{})),q,J,Y,Ko=t((()=>{N(),L(),So(),q=44,J=2*Math.PI*q,Y=class extends M{constructor(...e){super(...e),this.level=0,this.charging=!1,this.low=!1,this.fuel=!1,this.label=``,this.text=``}static{this.styles=l`
    :host {
      --ring-color: var(--state-sensor-battery-high-color, var(--success-color, #4caf50));
      display: block;
      position: relative;
      inline-size: 112px;
      block-size: 112px;
      flex: none;
    }
    :host([low]) {
      --ring-color: var(--state-sensor-battery-low-color, var(--error-color, #db4437));
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      transform: rotate(-90deg);
    }
    circle {
      fill: none;
      stroke-width: 8;
    }
    .track {
      stroke: var(--divider-color, #e0e0e0);
    }
    .level {
      stroke: var(--ring-color);
      stroke-linecap: round;
      transition: stroke-dashoffset 0.6s ease;
    }
    .limit {
      stroke: var(--primary-text-color);
      stroke-width: 10;
    }
    .content {
      position: absolute;
      inset: 0;
      display: flex;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      line-height: 1.2;
    }
    .value {
      font-size: 1.75rem;
      font-weight: 500;
      font-variant-numeric: tabular-nums;
    }
    ha-icon {
      --mdc-icon-size: 18px;
      color: var(--secondary-text-color);
    }
    :host([charging]) ha-icon {
      color: var(--ring-color);
      animation: pulse 2s ease-in-out infinite;
    }
    @keyframes pulse {
      50% {
        opacity: 0.4;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .level {
        transition: none;
      }
      :host([charging]) ha-icon {
        animation: none;
      }
    }
  `}get icon(){return this.charging?`mdi:lightning-bolt`:this.fuel?`mdi:gas-station`:`mdi:battery`}render(){let e=Math.min(100,Math.max(0,this.level));return w`
      <svg viewBox="0 0 100 100" role="img" aria-label=${this.label}>
        <circle class="track" cx="50" cy="50" r=${q}></circle>
        ${ke`<circle
          class="level" cx="50" cy="50" r=${q}
          stroke-dasharray=${J} stroke-dashoffset=${J*(1-e/100)}
        ></circle>`}
        ${this.limit===void 0?E:ke`<circle
                class="limit" cx="50" cy="50" r=${q}
                stroke-dasharray="1.5 ${J}"
                stroke-dashoffset=${-J*(this.limit/100)}
              ></circle>`}
      </svg>
      <div class="content" aria-hidden="true">
        <span class="value">${this.text}</span>
        <ha-icon .icon=${this.icon}></ha-icon>
      </div>
    `}},G([F({type:Number})],Y.prototype,`level`,void 0),G([F({type:Number})],Y.prototype,`limit`,void 0),G([F({type:Boolean,reflect:!0})],Y.prototype,`charging`,void 0),G([F({type:Boolean,reflect:!0})],Y.prototype,`low`,void 0),G([F({type:Boolean})],Y.prototype,`fuel`,void 0),G([F()],Y.prototype,`label`,void 0),G([F()],Y.prototype,`text`,void 0),Y=G([P(`stellantis-connect-level-ring`)],Y)}));async function qo(e,t){let n=[],r=[...t].map(t=>e.states[t]).filter(e=>e?.state===`unavailable`);for(let t of Zo){if(r.length===0)break;let i=r.map(e=>Date.parse(e?.last_changed??``)),a=await e.callWS({type:`history/history_during_period`,start_time:new Date(Math.min(...i)-t).toISOString(),end_time:new Date(Math.max(...i)).toISOString(),entity_ids:r.map(e=>e?.entity_id)});r=r.filter(e=>{let t=a[e?.entity_id??``]?.findLast(({s:e})=>e!==`unavailable`);return e&&t&&n.push(Jo(e,t)),t===void 0})}return n}function Jo(e,{s:t,a:n,lc:r,lu:i}){let a=(/* @__PURE__ */ new Date((r??i)*Yo)).toISOString();return{...e,state:t,attributes:{...e.attributes,...n},last_changed:a,last_updated:a}}var Yo,Xo,Zo,Qo=t((()=>{Yo=1e3,Xo=864e5,Zo=[Yo,Xo,7*Xo]}));function $o(e,t,n){let r=`${t} ${n}`,i=is.get(r)??es(e,t).catch(()=>void 0);return is.set(r,i),i}async function es(e,t){return ns((await e.callService(V,`get_trip_waypoints`,{device_id:t},void 0,!1,!0))?.response)}function ts(e,t){return[...e?[e]:[],...t?[{points:[t]}]:[]]}function ns(e){let t=e,n=t?.geometry?.coordinates;if(!Array.isArray(n))return;let r=t?.properties?.times??[],i=n.filter(rs).map(([e,t],n)=>({point:[t,e],timestamp:new Date(r[n]??0)}));return i.length>1?{points:i,gradualOpacity:.6}:void 0}function rs(e){return Array.isArray(e)&&e.length>=2&&e.slice(0,2).every(Number.isFinite)}var is,as=t((()=>{H(),is=/* @__PURE__ */ new Map}));function os(e,t,n,r){let i=[t.text(`sensor.last_trip_distance`),t.text(`sensor.last_trip_electric_consumption`),t.text(`sensor.last_trip_fuel_consumption`)],a=[t.text(`sensor.last_charge_energy`),t.text(`sensor.last_charge_cost`)],o=n?.map(({energy:e,cost:n,currency:r,endedAt:i})=>({values:[t.format(`sensor.last_charge_energy`,e,`kWh`),t.format(`sensor.last_charge_cost`,n,r??``)],end:i}));return w`
    ${ss(e,`last_trip`,[{values:i,end:t.lastTripEnd}],r)}
    ${ss(e,`last_charges`,o??[{values:a,end:void 0}],r)}
  `}function ss(e,t,n,r){let i=n.map(({values:e,end:t})=>({values:e.filter(e=>e!==void 0),end:t})).filter(({values:e})=>e.length>0);return i.length===0?E:w`<section class=${t}>
    <h3 class="secondary">${U(e,t)}</h3>
    <ul>
      ${i.map(({values:t,end:n})=>w`<li>
            <span>${cs(t)}</span>
            ${n?w`<span class="secondary">${po(e,n,r)}</span>`:E}
          </li>`)}
    </ul>
  </section>`}function cs(e){return e.map((t,n)=>{let r=n<e.length-1?`\xA0·`:``;return w`${n>0?` `:``}<span class="value"><bdi>${t}</bdi>${r}</span>`})}var ls=t((()=>{N(),W()})),X,us,ds,fs,ps,ms,hs,Z,gs=t((()=>{N(),L(),Fo(),zo(),yo(),Go(),tn(),Ko(),Qo(),W(),as(),ls(),xo(),H(),So(),X=`stellantis-connect-card`,us=20,ds=1e4,fs=800,ps=6e4,ms={top:60,right:30,bottom:16,left:30},hs=[`opening_driver`,`opening_passenger`,`opening_rear_left`,`opening_rear_right`,`opening_trunk`,`opening_rear_window`,`opening_roof_window`],Z=class extends M{constructor(...e){super(...e),this.now=/* @__PURE__ */ new Date,this.mapLoaded=!1,this.ids=/* @__PURE__ */ new Map,this.lastStates=/* @__PURE__ */ new Map,this.shownOnMap=``,this.timers=[]}static{this.styles=bo}static getStubConfig(e){let[t]=Ct(e);return t?{device_id:t.id}:{}}static getConfigForm(){let e={boolean:{}};return{schema:[{name:`device_id`,required:!0,selector:{device:{integration:V,entity:{domain:`sensor`}}}},...[`show_picture`,`show_map`,`show_history`].map(t=>({name:t,default:!0,selector:e}))],computeLabel:e=>U(document.documentElement.lang,e.name===`device_id`?`editor_device`:`editor_${e.name}`)}}setConfig(e){this.config={show_picture:!0,show_map:!0,show_history:!0,...e},this.lastStates=/* @__PURE__ */ new Map,this.route=void 0,this.lastTrip=void 0,this.charges=void 0,this.lastCharge=void 0,this.outageSince=void 0}getCardSize(){return 6}getGridOptions(){return{columns:12,min_columns:6,rows:`auto`}}connectedCallback(){super.connectedCallback(),this.now=/* @__PURE__ */ new Date,this.timers.push(setInterval(()=>{this.now=/* @__PURE__ */ new Date},ps))}disconnectedCallback(){super.disconnectedCallback();for(let e of this.timers.splice(0))clearInterval(e);this.shownOnMap=``}shouldUpdate(e){return e.size>1||!e.has(`hass`)||!this.hass||Et(e.get(`hass`),this.hass,this.ids.values())}willUpdate(e){let t=e.get(`hass`);this.hass&&this.config?.device_id&&((e.has(`config`)||t?.entities!==this.hass.entities)&&(this.ids=wt(this.hass,this.config.device_id)),e.has(`hass`)&&(this.now=/* @__PURE__ */ new Date))}updated(){let{hass:e,config:t}=this;if(!e||!t?.device_id)return;let n=new Ot(e,this.ids,this.lastStates),r=n.outage?.since.getTime();r!==this.outageSince&&(this.outageSince=r,r!==void 0&&this.restoreLastStates(e));let i=n.lastCharge;if(t.show_history&&i!==void 0&&i!==this.lastCharge&&(this.lastCharge=i,this.showCharges(e,t.device_id)),!t.show_map||!n.position)return;this.mapLoaded||this.showMap(),this.fitMap(n.position.point);let a=n.lastTrip;a!==void 0&&a!==this.lastTrip&&(this.lastTrip=a,this.showRoute(e,t.device_id,a))}async restoreLastStates(e){let t=[...this.ids.values()].filter(e=>!this.lastStates.has(e));for(let n of await qo(e,t).catch(()=>[]))this.lastStates.set(n.entity_id,n);this.requestUpdate()}async showCharges(e,t){try{this.charges=await _o(e,t)}catch{this.lastCharge=void 0}}fitMap(e){let t=this.renderRoot.querySelector(`ha-map`),n=[e,...(this.route?.points??[]).map(({point:e})=>e)],r=JSON.stringify(n);t&&r!==this.shownOnMap&&(this.shownOnMap=r,t.fitBounds?.(n,{pad:.1,padding:ms}))}async showMap(){this.mapLoaded=await Zt()}async showRoute(e,t,n){let r=await $o(e,t,n);n===this.lastTrip&&(this.route=r)}render(){let{hass:e,config:t}=this;if(!e||!t?.device_id)return this.renderMessage(`no_device`);let n=e.devices[t.device_id];if(!n)return this.renderMessage(`unknown_device`);let r=new Ot(e,this.ids,this.lastStates);return w`
      <ha-card>
        <div class="content">
          <header>
            <h2>${B(n)}</h2>
            ${this.renderAge(r)}
          </header>
          ${this.renderBanners(r)} ${this.renderHero(r)} ${this.renderControls(r)}
          ${t.show_map?this.renderMap(r):E}
          ${t.show_history?os(e.locale.language,r,this.charges,this.now):E}
        </div>
      </ha-card>
    `}text(e,t={}){return U(this.hass?.locale.language??`en`,e,t)}renderMessage(e){return w`<ha-card><div class="content">${this.text(e)}</div></ha-card>`}renderAge(e){let t=e.updatedAt;if(!t||!this.hass)return E;let n=this.now.getTime()-t.getTime()<ps,r=po(uo(this.hass.locale.language),t,this.now);return w`<span class="secondary"
      >${n?this.text(`updated_now`):this.text(`updated`,{age:r})}</span
    >`}renderBanners(e){let{hass:t}=this,{criticalAlerts:n,outage:r}=e,i=[...e.isAlarmTriggered?[this.text(`alarm`)]:[],...n];return w`
      ${i.map(e=>w`<div class="banner error" role="alert">
            <ha-icon icon="mdi:alert"></ha-icon>${e}
          </div>`)}
      ${r&&t?w`<div class="banner info" role="status">
              <ha-icon icon="mdi:cloud-off-outline"></ha-icon>
              ${this.text(r.isRunning?`unavailable`:`not_running`,{time:mo(t,r.since,this.now)})}
            </div>`:E}
    `}renderHero(e){let t=this.config?.show_picture?e.picture:void 0,{level:n,range:r,secondRange:i,chargeLimit:a}=e,o=this.hass?.locale.language??`en`,s=n?fo(o,n.percent):``;return w`
      <div class="hero">
        ${t?w`<div class="picture"><img src=${t} alt="" /></div>`:E}
        ${n?w`<stellantis-connect-level-ring
                .level=${n.percent}
                .limit=${n.electric?a:void 0}
                .text=${s}
                .label=${`${this.text(n.electric?`battery`:`fuel`)}: ${s}`}
                .fuel=${!n.electric}
                ?charging=${e.isCharging}
                ?low=${n.percent<us}
              ></stellantis-connect-level-ring>`:E}
        <div class="facts">
          ${r?w`<span class="secondary">${this.text(`range`)}</span>
                  <bdi class="range">${r}</bdi>`:E}
          ${i.length>0?w`<span>${this.text(`fuel`)} ${cs(i)}</span>`:E}
          ${this.renderCharging(e)} ${this.renderOpenings(e)}
        </div>
      </div>
    `}renderCharging(e){let{hass:t}=this,{chargingState:n,chargeLimit:r}=e;if(n===void 0||!t)return E;let i=e.isCharging?e.time(`sensor.charging_end`):void 0,a=e.isCharging?e.text(`sensor.charging_power`):void 0;return[a===void 0?[n]:[n,a],i?[this.text(`until`,{time:mo(t,i,this.now)})]:[],r===void 0?[]:[this.text(`limit`,{limit:fo(t.locale.language,r)})]].filter(e=>e.length>0).map(e=>w`<span class="secondary">${cs(e)}</span>`)}renderOpenings(e){let t=hs.map(e=>`binary_sensor.${e}`).filter(t=>e.value(t)===`on`).map(t=>e.name(t));return t.length>0?w`<span>${this.text(`open`,{names:t.join(`, `)})}</span>`:E}renderControls(e){let t=Bo(e);return t.length===0?E:w`<div class="controls">
        ${t.map(t=>this.renderControl(t,e))}
      </div>
      <div class="announcement" role="status">${this.announcement(t,e)}</div>`}announcement(e,t){if(this.confirmation)return this.text(`confirm_unlock`);let n=e.find(e=>e.pending);return n?`${this.text(n.label)}: ${this.progress(n,t)}`:``}progress(e,t){return t.progress(e.key)??this.text(`pending`)}renderControl(e,t){let n=this.confirmationOf(e),r=e.pending?this.progress(e,t):this.text(n?`confirm_unlock`:e.state),i=e.pending||e.action===void 0||n?.possible===!1;return w`<button
      class=${No({control:!0,active:e.active,pending:e.pending})}
      aria-label=${`${this.text(e.label)}: ${r}. ${e.action?this.text(e.action):``}`}
      aria-disabled=${String(i)}
      @click=${()=>{this.press(e)}}
    >
      <ha-icon .icon=${e.icon}></ha-icon>
      <span>${this.text(e.label)}</span>
      <span class="secondary">${r}</span>
    </button>`}press(e){let t=this.ids.get(e.key);if(!(e.pending||e.action===void 0||t===void 0)){if(e.confirm){let t=this.confirmationOf(e);if(t||this.confirm(e.key),!t?.possible)return}this.confirmation=void 0,this.hass?.callService(e.domain,e.service,{},{entity_id:t}).catch(()=>void 0)}}confirmationOf({key:e}){return this.confirmation?.key===e?this.confirmation:void 0}confirm(e){let t={key:e,possible:!1},n={key:e,possible:!0};this.confirmation=t,setTimeout(()=>{this.confirmation===t&&(this.confirmation=n)},fs),setTimeout(()=>{this.confirmation===n&&(this.confirmation=void 0)},ds)}renderMap(e){let t=this.ids.get(`device_tracker.position`),{position:n}=e;if(t===void 0||!n)return E;let r=e.isAvailable(`device_tracker.position`)?void 0:n;return w`<div class="map">
      ${this.mapLoaded?w`<ha-map
              .entities=${Lo([t],()=>[t])}
              .paths=${Lo([this.route,r?.point.join()],()=>ts(this.route,r))}
            ></ha-map>`:E}
    </div>`}},G([F({attribute:!1})],Z.prototype,`hass`,void 0),G([I()],Z.prototype,`config`,void 0),G([I()],Z.prototype,`now`,void 0),G([I()],Z.prototype,`confirmation`,void 0),G([I()],Z.prototype,`route`,void 0),G([I()],Z.prototype,`mapLoaded`,void 0),G([I()],Z.prototype,`charges`,void 0),Z=G([P(X)],Z)})),Q,_s=t((()=>{N(),L(),Oo(),gs(),W(),H(),So(),Q=class extends M{constructor(...e){super(...e),this.cards=[]}static{this.styles=l`
    :host {
      display: block;
      min-block-size: 100%;
      background: var(--primary-background-color);
    }
    header {
      position: sticky;
      inset-block-start: 0;
      z-index: 4;
      box-sizing: border-box;
      display: flex;
      align-items: center;
      gap: 16px;
      block-size: var(--header-height, 56px);
      padding-inline: 12px 16px;
      color: var(--app-header-text-color, var(--primary-text-color));
      background: var(--app-header-background-color, var(--primary-background-color));
      border-block-end: var(--app-header-border-bottom, 1px solid var(--divider-color));
    }
    a {
      display: grid;
      place-items: center;
      flex: none;
      inline-size: 40px;
      block-size: 40px;
      border-radius: 20px;
      color: inherit;
    }
    a:dir(rtl) ha-icon {
      transform: scaleX(-1);
    }
    h1 {
      margin: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      font-size: var(--ha-font-size-xl, 1.25rem);
      font-weight: 400;
    }
    main {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
      max-inline-size: 1032px;
      margin-inline: auto;
      align-items: start;
      gap: 16px;
      padding: 16px;
    }
  `}get deviceId(){return this.route?.path.split(`/`)[1]??``}willUpdate(e){if(e.has(`route`)){this.cards=[new Z,new K];for(let e of this.cards)e.setConfig({type:``,device_id:this.deviceId})}for(let e of this.cards)this.hass&&(e.hass=this.hass)}render(){let e=this.hass?.devices[this.deviceId];return w`
      <header>
        <a
          href=${e?`/config/devices/device/${e.id}`:`/config/devices/dashboard`}
          aria-label=${U(this.hass?.locale.language??`en`,`back`)}
        >
          <ha-icon icon="mdi:arrow-left"></ha-icon>
        </a>
        <h1>${e?B(e):``}</h1>
      </header>
      <main>${e?this.cards:this.cards[0]}</main>
    `}},G([F({attribute:!1})],Q.prototype,`hass`,void 0),G([F({attribute:!1})],Q.prototype,`route`,void 0),Q=G([P(`stellantis-connect-panel`)],Q)}));function vs(e){let t=Ct(e),{language:n}=e.locale;return{views:[{title:U(n,`garage`),path:`garage`,icon:`mdi:garage`,type:`sections`,sections:t.length>0?t.map(e=>({type:`grid`,cards:[{...ws,device_id:e.id,show_map:!1,show_history:!1}]})):[{type:`grid`,cards:[{type:`markdown`,content:U(n,`no_cars`)}]}]},...t.map(t=>{let n=wt(e,t.id),r=[...n].filter(([t,n])=>Ss(e,t,n)).sort(([e],[t])=>Os.indexOf(xs(e))-Os.indexOf(xs(t))).map(([n,r])=>ys(e,B(t),n,r));return{title:B(t),path:`car-${t.id}`,type:`sections`,sections:[{type:`grid`,cards:[{...ws,device_id:t.id}]},{type:`grid`,cards:[...bs(n),...r]},...e.user?.is_admin?[{type:`grid`,cards:[{...Ts,device_id:t.id}]}]:[]]}})]}}function ys(e,t,n,r){let i=xs(n),a=Es[n],o=a&&{text:U(e.locale.language,a,{car:t})},s={action:`toggle`,...o&&{confirmation:o}};return{type:`tile`,entity:r,name:{type:`entity`},...Ds.includes(i)&&{state_content:[`state`,`progress`]},...o&&{icon_tap_action:s},...i===`button`&&{state_content:[`progress`,`device_name`],tap_action:s}}}function bs(e){let t=e.get(`binary_sensor.connection`);return t===void 0?[]:[{type:`tile`,entity:t,name:{type:`entity`},state_content:[`state`,`disconnected_since`],visibility:[{condition:`state`,entity:t,state:`off`}],grid_options:{columns:`full`}}]}function xs(e){return e.slice(0,e.indexOf(`.`))}function Ss(e,t,n){let r=e.entities[n];return Os.includes(xs(t))&&!t.startsWith(`sensor.last_`)&&e.states[n]!==void 0&&r?.entity_category!==`diagnostic`&&!(r?.entity_category===`config`&&t.startsWith(`button.`))&&!r?.hidden}var Cs,ws,Ts,Es,Ds,Os,ks,As=t((()=>{Oo(),gs(),W(),H(),Cs=`stellantis-connect`,ws={type:`custom:${X}`},Ts={type:`custom:${wo}`},Es={"button.sound_horn":`confirm_horn`,"lock.lock":`confirm_lock`},Ds=[`lock`,`switch`,`number`,`select`,`time`],Os=[...Ds.slice(0,2),`button`,...Ds.slice(2),`sensor`],ks=class extends HTMLElement{static generate(e,t){return Promise.resolve(vs(t))}static shouldRegenerate(e,t,n){return(t.entities!==n.entities||t.devices!==n.devices)&&JSON.stringify(vs(t))!==JSON.stringify(vs(n))}},customElements.define(`ll-strategy-dashboard-${Cs}`,ks)})),js=/* @__PURE__ */ n({}),Ms,$,Ns=t((()=>{Oo(),gs(),W(),_s(),As(),H(),Ms=window,$=document.documentElement.lang||`en`,(Ms.customStrategies??=[]).push({type:Cs,strategyType:`dashboard`,name:`Stellantis Connect`,description:U($,`strategy_description`)}),(Ms.customCards??=[]).push({type:X,name:`Stellantis Connect`,description:U($,`card_description`),preview:!0,getEntitySuggestion(e,t){let n=e.entities[t];return n?.platform===`stellantis_connect`&&n.device_id?{config:{type:`custom:${X}`,device_id:n.device_id}}:null}},{type:wo,name:`Stellantis Connect: ${U($,`automations`)}`,description:U($,`automations_description`),preview:!0})}));await customElements.whenDefined(`home-assistant`),await Promise.resolve().then(()=>(Ns(),js));